"""The tokenizer of the blank pipeline: words, marks and white space, in time that grows with the text alone.

spaCy's own English tokenizer takes a run of punctuation apart one mark at a time, and searches the rest of the run anew
after each: 8,000 brackets in a row take seconds. The rules read characters, so plain tokens are all they need.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

_TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]|\s+")


class Tokenizer(DummyTokenizer):
    """Makes a Doc of a text; nothing of it is lost."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of a text; a single space belongs to the word before it, other white space is a token."""
        words: list[str] = []
        spaces: list[bool] = []
        for token in _TOKEN.findall(text):
            if token[0] == " " and spaces:
                spaces[-1] = True
                token = token[1:]  # noqa: PLW2901
                if not token:
                    continue
            words.append(token)
            spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)


@registry.tokenizers("extractor_words")  # type: ignore[untyped-decorator]
def make() -> Callable[[Language], Tokenizer]:
    """How spaCy makes the tokenizer from a config."""
    return lambda nlp: Tokenizer(nlp.vocab)
