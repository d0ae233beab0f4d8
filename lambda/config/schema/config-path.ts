/** A place in the config: keys and indexes from the top level. */
export type ConfigPath = readonly (string | number)[];

/** `targets[1].port`. */
export function formatPath(path: ConfigPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
