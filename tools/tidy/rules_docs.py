"""Rules about the pages: one title each, links that lead somewhere, no page that nobody can find."""
import posixpath
import re
import urllib.parse

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^()\s>]+(?:\([^()\s]*\))?)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\[[^\]^]+\]:\s+(\S+)", re.M)


def prose(text):
    """The page without code blocks and code spans; same lines."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    text = re.sub(r"^(```|~~~).*?^\1[ \t]*$", blank, text, flags=re.M | re.S)
    text = re.sub(r"<!--.*?-->", blank, text, flags=re.S)
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", blank, text)


def headings(page):
    """(line, level, text) of each heading."""
    body = prose(page.text).splitlines()
    for number, line in enumerate(body, 1):
        match = re.match(r"(#{1,6})\s", line)
        if match:
            yield number, len(match.group(1)), page.lines[number - 1][match.end():].strip().rstrip("#").strip()


def anchors(page):
    """The names that headings get, as the common Markdown viewers make them."""
    seen, names = {}, set(re.findall(r'<a\s+(?:id|name)="([^"]+)"', page.text))
    for _, _, text in headings(page):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "").replace("*", "")
        name = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        count = seen.get(name, 0)
        seen[name] = count + 1
        names.add(f"{name}-{count}" if count else name)
    return names


def links(page):
    """(line, target) of each link that is not to another site."""
    body = prose(page.text)
    for pattern in (LINK, REFERENCE):
        for match in pattern.finditer(body):
            target = urllib.parse.unquote(match.group(1))
            if not re.match(r"[a-z][a-z0-9+.-]*:|//", target):
                yield page.line_of(match.start()), target


def resolve(page, target):
    path, _, anchor = target.partition("#")
    base = posixpath.dirname(page.path)
    return posixpath.normpath(posixpath.join(base, path)) if path else page.path, anchor


def one_title(tree):
    for page in tree.pages():
        titles = [line for line, level, _ in headings(page) if level == 1]
        if len(titles) != 1:
            yield page.finding(titles[1] if titles else 1, "title", f"{len(titles)} titles (“# …”); a page has one")


def links_resolve(tree):
    for page in tree.pages():
        for line, target in links(page):
            path, anchor = resolve(page, target)
            if not (tree.root / path).exists():
                yield page.finding(line, "link", f"{target}: there is no {path}")
            elif anchor and path in tree.files and path.endswith(".md") and anchor not in anchors(tree.files[path]):
                yield page.finding(line, "link", f"{target}: {path} has no heading “{anchor}”")


def pages_are_found(tree):
    """Every page under docs/ can be reached by links from README.md."""
    start = tree.files.get("README.md")
    if start is None:
        return
    reached, todo = {start.path}, [start]
    while todo:
        page = todo.pop()
        for _, target in links(page):
            path, _ = resolve(page, target)
            if (tree.root / path).is_dir():
                path = posixpath.join(path, "README.md")
            if path in tree.files and path not in reached and path.endswith(".md"):
                reached.add(path)
                todo.append(tree.files[path])
    for page in tree.pages():
        if page.path.startswith("docs/") and page.path not in reached:
            yield page.finding(1, "orphan", "no page leads here from README.md; link it in its folder's README.md")


def decisions_are_listed(tree):
    index = tree.files.get("docs/decisions/README.md")
    listed = {resolve(index, target)[0] for _, target in links(index)} if index else set()
    numbers = {}
    for page in tree.pages():
        match = re.fullmatch(r"docs/decisions/(\d{4})-[\w-]+\.md", page.path)
        if not match:
            continue
        if page.path not in listed:
            yield page.finding(1, "decision", "not listed in docs/decisions/README.md")
        if match.group(1) in numbers:
            yield page.finding(1, "decision", f"has the number of {numbers[match.group(1)]}")
        numbers[match.group(1)] = page.path


def named_pages_exist(tree):
    """A page that code names in a comment is there."""
    for file in tree.cpp():
        for match in re.finditer(r"\b((?:docs|packs|src|ui|tests)/[\w./-]+\.(?:md|yaml|json|sql))\b", file.text):
            placeholder = re.search(r"(?:^|/)[A-Z]+[/.]", match.group(1))  # packs/NAME/pack.yaml
            if not placeholder and not (tree.root / match.group(1)).exists() and not file.path.endswith("_test.cpp"):
                yield file.finding(file.line_of(match.start()), "link", f"names {match.group(1)}, which is not there")


RULES = (one_title, links_resolve, pages_are_found, decisions_are_listed, named_pages_exist)
