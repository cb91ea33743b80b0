"""What goes along with a request: pieces of other files that help to understand the current one."""
