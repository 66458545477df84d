// Loaded with --import into Node programs that are not ours (next start): they end when the launcher is gone, however it went.
process.on('disconnect', () => process.exit(0));
