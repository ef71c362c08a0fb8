"""Pages that are made from the source say what the source says. `./run tidy --write` writes them."""
import limits
import pack_page

MADE = ((limits, "docs/reference/README.md"), (pack_page, pack_page.SCHEMA))  # (maker, the file without which it has nothing to do)


def pages_are_fresh(tree):
    for maker, needed in MADE:
        if needed not in tree.files:
            continue
        file = tree.files.get(maker.PAGE)
        if file is None or file.text != maker.page(tree):
            yield (file or tree.files[needed]).finding(1, "generated", f"{maker.PAGE} is not what the source says; run: ./run tidy --write")


def write(tree):
    for maker, needed in MADE:
        if needed in tree.files:
            (tree.root / maker.PAGE).write_text(maker.page(tree), encoding="utf-8")


RULES = (pages_are_fresh,)
