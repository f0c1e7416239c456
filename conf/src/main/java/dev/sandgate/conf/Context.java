package dev.sandgate.conf;

/** What the reading of one file shares: where problems go, and what references stand for. */
record Context(Problems problems, Substitution substitution) {}
