"""HTTP and HTML: the routes, the journey of a referrer, and the pages that answer."""
