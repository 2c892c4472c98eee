"""Syntax only: text to blocks, rows, cells and entries with spans; knows no English word."""
