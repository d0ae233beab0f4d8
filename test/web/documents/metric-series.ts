/** The metrics of a page, each with the names of its labels; and those that an expression of PromQL asks for. */

type Series = ReadonlyMap<string, ReadonlySet<string>>;

export function seriesIn(text: string): Series {
  const found = new Map<string, Set<string>>();
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, name = '', labels = ''] = /^([a-z_]+)(?:\{(.*)\})? /.exec(line) ?? [];
    const names = [...labels.matchAll(/(?:^|,)([a-z_]+)="/g)].map(([, label = '']) => label);
    found.set(name, new Set([...(found.get(name) ?? []), ...names]));
  }
  return found;
}

export interface Asked {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Metrics have a prefix that no function of PromQL has. Labels: those of its own braces, and those that it is grouped by. */
export function askedBy(expression: string): readonly Asked[] {
  const grouped = [...expression.matchAll(/\b(?:by|on|without) \(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  return [...expression.matchAll(/\b((?:smtp_quorum|probe)_[a-z_]+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', own = '']) => {
      return { metric, labels: [...[...own.matchAll(/([a-z_]+)\s*[=!]/g)].map(([, label = '']) => label), ...grouped] };
    },
  );
}
