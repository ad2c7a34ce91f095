"""Templates, compiled once."""

from pathlib import Path

from jinja2 import DictLoader, Environment

from referral_function.web.templating import BytecodeCache, printable


def test_a_compiled_template_is_kept_where_it_may_be(tmp_path: Path) -> None:
    """A template is compiled into its folder; where nothing can be written it works all the same."""
    for folder in (tmp_path, tmp_path / "missing"):
        jinja = Environment(
            loader=DictLoader({"page": "Hello"}),
            autoescape=True,
            bytecode_cache=BytecodeCache(str(folder), "%s.bytecode"),
        )
        assert jinja.get_template("page").render() == "Hello"
    assert [path.suffix for path in tmp_path.iterdir()] == [".bytecode"]


def test_what_was_compiled_in_one_folder_is_found_in_another() -> None:
    """A release is built in one place and runs in another: where a template lies does not matter, its text does."""
    compiled = BytecodeCache("nowhere", "%s.bytecode")
    assert compiled.get_cache_key("page", "/here/page") == compiled.get_cache_key("page", "/there/page")


def test_what_html_cannot_carry_is_shown_as_such() -> None:
    """A control character becomes the replacement character; tabs, line ends and everything else stay."""
    assert printable("a\0b\x1fc\x7fd") == "a\ufffdb\ufffdc\ufffdd"
    assert printable("\tzwölf\n") == "\tzwölf\n"
