"""Metadata of the data set in Croissant 1.0 (MLCommons 2024), for search engines and loaders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nl2efg.evaluation.dataset.tables import Column, Kind, Table

CONFORMS = "http://mlcommons.org/croissant/1.0"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The names of the standard, as its section on the JSON-LD context gives them."""

_TYPES: dict[Kind, str] = {
    "text": "sc:Text",
    "texts": "sc:Text",
    "whole number": "sc:Integer",
    "whole numbers": "sc:Integer",
    "truth": "sc:Boolean",
}
_MEDIA = {"jsonl": "application/jsonlines", "parquet": "application/x-parquet"}


def croissant(
    about: Mapping[str, Any], tables: Sequence[Table], files: Mapping[str, tuple[int, str]]
) -> dict[str, Any]:
    """The metadata.

    Args:
        about: name, description, licence and the like, by the names of schema.org.
        tables: each has a JSON lines and a Parquet file; the latter is the source of its fields.
        files: by name the size in bytes and the SHA-256.
    """
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS,
        **about,
        "distribution": [_file(name, *known) for name, known in files.items()],
        "recordSet": [_records(table) for table in tables],
    }


def _file(name: str, size: int, digest: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{size} B",
        "encodingFormat": _MEDIA[name.rpartition(".")[2]],
        "sha256": digest,
    }


def _records(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"{table.meaning}.",
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": f"{column.meaning[0].upper()}{column.meaning[1:]}.",
        "dataType": _TYPES[column.kind],
        "source": {
            "fileObject": {"@id": f"{table.name}.parquet"},
            "extract": {"column": column.name},
        },
    }
    return found | ({"repeated": True} if column.kind.endswith("s") else {})
