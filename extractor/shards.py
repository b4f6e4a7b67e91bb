"""Reads shards of documents for any engine: the public door of `extractor.spark.shards`."""

from extractor.spark.shards import COLUMNS, RESULT, TIMEOUT, extract_frame, extract_frames, frame_of, work

__all__ = ["COLUMNS", "RESULT", "TIMEOUT", "extract_frame", "extract_frames", "frame_of", "work"]
