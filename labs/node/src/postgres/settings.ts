/**
 * How the throw-away server runs. Isolation, locking and visibility are what races are made of, and
 * stay at their defaults; durability is switched off, since nothing outlives the process.
 */
export function serverSettings(port: number, maxConnections: number): string[] {
  return [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    "unix_socket_directories=",
    `max_connections=${maxConnections}`,
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "logging_collector=off",
    "log_destination=stderr",
    // A failed statement must not be printed: what it holds is not ours to show.
    "log_min_error_statement=panic",
    // In the data directory, so that even a killed server leaves nothing in /dev/shm.
    ...(process.platform === "win32" ? [] : ["dynamic_shared_memory_type=mmap"]),
  ];
}
