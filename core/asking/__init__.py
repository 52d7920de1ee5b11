"""Asking services of others over HTTP, politely: one question, paced, bounded, never sent on."""
