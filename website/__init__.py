"""What makes the public site from `docs/`: its content model, the content check, the editor and the build."""
