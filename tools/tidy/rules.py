"""All rules together."""
import rules_code
import rules_docs
import rules_pages
import rules_text
from source import Tree


def findings(root):
    """Every finding in the tree under `root`, in order of file and line."""
    tree = Tree(root)
    return sorted({finding for module in (rules_code, rules_text, rules_docs, rules_pages) for rule in module.RULES
                   for finding in rule(tree)})


def write_pages(root):
    """Writes the pages that are made from the source."""
    rules_pages.write(Tree(root))
