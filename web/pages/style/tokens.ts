/** Colours, spaces and type of all pages. Everything else is built from these; a test computes the contrast of each pair. */

/** What has a colour. A verdict has one for words, one for marks such as bars, and one behind words. */
export type ColourName =
  | 'ground'
  | 'card'
  | 'inset'
  | 'ink'
  | 'soft'
  | 'line'
  | 'control'
  | 'link'
  | 'unwatched'
  | `${'up' | 'degraded' | 'down' | 'unknown'}${'' | '-text' | '-tint'}`
  | `series${0 | 1 | 2 | 3 | 4}`;

export type Theme = Readonly<Record<ColourName, string>>;

export const LIGHT: Theme = {
  ground: '#f6f7f9',
  card: '#ffffff',
  inset: '#eef1f5',
  ink: '#17202e',
  soft: '#525e72',
  line: '#e1e5eb',
  control: '#7f8a9c',
  link: '#1a5fb4',
  unwatched: '#8893a4',
  up: '#2a9460',
  'up-text': '#17713f',
  'up-tint': '#e7f5ee',
  degraded: '#b57700',
  'degraded-text': '#805000',
  'degraded-tint': '#fcf3df',
  down: '#d3382c',
  'down-text': '#b0241b',
  'down-tint': '#fdeceb',
  unknown: '#77839a',
  'unknown-text': '#4b576a',
  'unknown-tint': '#edf0f4',
  series0: '#2563c9',
  series1: '#8a4fc9',
  series2: '#0c7f96',
  series3: '#a8590f',
  series4: '#566174',
};

export const DARK: Theme = {
  ground: '#0f141b',
  card: '#171d26',
  inset: '#202936',
  ink: '#e7ebf1',
  soft: '#a3b0c2',
  line: '#2b3441',
  control: '#738095',
  link: '#86b6f5',
  unwatched: '#6c798d',
  up: '#3fae78',
  'up-text': '#62d198',
  'up-tint': '#142a20',
  degraded: '#d5962d',
  'degraded-text': '#f0ba5c',
  'degraded-tint': '#2e2514',
  down: '#ec5d53',
  'down-text': '#ff938b',
  'down-tint': '#371c1c',
  unknown: '#8b97a9',
  'unknown-text': '#b5c0d0',
  'unknown-tint': '#232b37',
  series0: '#7fb0f7',
  series1: '#c39bf0',
  series2: '#4fc3d9',
  series3: '#e0a36a',
  series4: '#a9b4c4',
};

/** Spaces in rem, by steps of 4 px. */
const SPACES = { 1: 0.25, 2: 0.5, 3: 0.75, 4: 1, 5: 1.5, 6: 2, 7: 3 } as const;

/** Sizes of type in rem. */
const TYPE = { small: 0.8125, note: 0.875, body: 1, lead: 1.125, title: 1.375, display: 1.75 } as const;

export const TOKENS = `:root {
  color-scheme: light dark;
${declarations(LIGHT)}
${Object.entries(SPACES)
  .map(([name, size]) => `  --s${name}: ${size}rem;`)
  .join('\n')}
${Object.entries(TYPE)
  .map(([name, size]) => `  --${name}: ${size}rem;`)
  .join('\n')}
  --round: 0.625rem;
}
@media (prefers-color-scheme: dark) {
  :root {
${declarations(DARK)}
  }
}
/* Paper is white. */
@media print {
  :root {
${declarations({ ...LIGHT, ground: '#ffffff' })}
  }
}
`;

function declarations(theme: Theme): string {
  return Object.entries(theme)
    .map(([name, colour]) => `  --${name}: ${colour};`)
    .join('\n');
}
