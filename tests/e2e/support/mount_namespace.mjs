// Mounts that only a program and its children see, and that end with it.
import { execFileSync } from 'node:child_process';

const unshare = ['unshare', '--map-root-user', '--mount'];

/** Why there can be no such mounts here; false where there can. */
export const no_mount_namespace = (() => {
  try {
    execFileSync(unshare[0], [...unshare.slice(1), 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
      stdio: 'pipe',
    });
    return false;
  } catch (failed) {
    return `this system lets nobody mount in a namespace of his own: ${failed.message.trim()}`;
  }
})();

/**
 * A command that runs the command behind it where this is mounted.
 * @param {string[]} mount the arguments of mount(8)
 */
export const where_mounted = (mount) => [
  ...unshare,
  ...['sh', '-c', `mount ${mount.map(quoted).join(' ')} && exec "$@"`, 'sh'],
];

/** @param {string} word */
const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/** A command that runs the command behind it where this process is. @param {number} pid */
export const beside_process = (pid) => [
  ...['nsenter', '--target', String(pid), '--user', '--preserve-credentials', '--mount', '--'],
];
