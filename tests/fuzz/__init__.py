"""Bytes that nobody thought of, driven by what code they reach: make fuzz SECONDS=60"""
