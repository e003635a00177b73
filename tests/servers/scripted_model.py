"""A tiny model in GGUF that says one text by heart, whatever it is asked.

It is a transformer of one block whose attention and feed-forward weights are zero, so that the last
token alone decides. The text is cut into pieces, a token each; the embedding of a piece is a unit
vector of its own, and the output matrix takes that to the next piece. Everything else is written a
byte or two small letters a token, with zeros for an embedding. A token that the chat template ends
with stands for the piece before the first one.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase

import numpy

BEGIN = "<|reply|>"
TEMPLATE = "{% for message in messages %}{{ message.content }}\n{% endfor %}" + BEGIN
SPACE = "▁"
"""What stands for a blank in vocabularies of SentencePiece."""

CONTEXT = 32_768
HEADS = 4
CERTAINTY = 4.0
"""Weight of the next piece; its logit is this times the root of the width."""


def pieces(text: str, size: int) -> list[str]:
    """A text in pieces of so many characters or a few more: no two are equal, as no tokens are."""
    found: list[str] = []
    seen: set[str] = set()
    start = 0
    while start < len(text):
        end = start + size
        while text[start:end] in seen and end < len(text):
            end += 1
        piece = text[start:end]
        if piece in seen:  # the last one has no room to grow
            start -= len(found[-1])
            seen.remove(found.pop())
            piece = text[start:end]
        seen.add(piece)
        found.append(piece)
        start += len(piece)
    return found


def write_model(file: Path, text: str, size: int = 6) -> int:
    """Write the model.

    Args:
        file: made anew.
        text: what it says.
        size: characters of a token, 3 at least: shorter ones would be found in prompts.

    Returns:
        How many tokens it says.
    """
    from gguf import GGUFWriter, TokenType

    said = pieces(text, size)
    width = 64 * HEADS
    while width <= len(said):
        width += 64 * HEADS
    fixed = ["<unk>", "<s>", "</s>", BEGIN, SPACE]
    names = [*fixed, *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [TokenType.UNKNOWN, *[TokenType.CONTROL] * 3, TokenType.NORMAL, *[TokenType.BYTE] * 256]
    pairs = [a + b for a in SPACE + ascii_lowercase for b in ascii_lowercase]
    names += pairs
    kinds += [TokenType.NORMAL] * len(pairs)
    first = len(names)
    names += [piece.replace(" ", SPACE) for piece in said]
    kinds += [TokenType.NORMAL] * len(said)

    embedding = numpy.zeros((len(names), width), numpy.float32)
    output = numpy.zeros((len(names), width), numpy.float32)
    chain = [names.index(BEGIN), *range(first, len(names)), names.index("</s>")]
    for place, (token, following) in enumerate(pairwise(chain)):
        embedding[token, place] = 1.0
        output[following, place] = CERTAINTY

    writer = GGUFWriter(file, "llama")
    writer.add_name("scripted")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(width)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(width // HEADS)
    writer.add_vocab_size(len(names))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(names)
    writer.add_token_scores([0.0] * len(names))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    ones, square = numpy.ones(width, numpy.float32), numpy.zeros((width, width), numpy.float32)
    narrow = numpy.zeros((width // HEADS, width), numpy.float32)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", ones)
    for name in ("attn_q", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", square)
    for name in ("attn_k", "attn_v"):
        writer.add_tensor(f"blk.0.{name}.weight", narrow)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return len(said)
