"""Prints a frame as docs/kafka.md says: frame.py SECRET TASK FIELD …"""
import hashlib, hmac, sys, time

secret, task, *fields = sys.argv[1:]
widths = [37, 37, 37] if task == "create" else [400]
signed = f"{time.time_ns() // 1_000_000:<13}{task:<16}" + "".join(text.ljust(width) for text, width in zip(fields, widths))
print(signed + hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest(), end="")
