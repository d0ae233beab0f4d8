/** Whether a logo may be one of BIMI: SVG Tiny Portable/Secure (draft-svg-tiny-ps-abrotman). Never throws, and reads no XML in full. */

/** Larger logos are not shown by large receivers. */
const MOST_OCTETS = 32_768;

const UNALLOWED = ['script', 'animate', 'animateMotion', 'animateTransform', 'set', 'image', 'foreignObject'];

/** What is wrong with it, in the order of the file. */
export function logoProblems(text: string): readonly string[] {
  const root = /<svg(?=[\s>])([^>]*)>/i.exec(text)?.[1];
  if (root === undefined) return ['it is not an SVG'];
  return [
    ...(Buffer.byteLength(text, 'latin1') > MOST_OCTETS ? [`it has more than ${MOST_OCTETS / 1024} KB`] : []),
    ...(/\sbaseProfile\s*=\s*["']tiny-ps["']/.test(root) ? [] : ['it has no baseProfile="tiny-ps"']),
    ...(/\sversion\s*=\s*["']1\.2["']/.test(root) ? [] : ['it has no version="1.2"']),
    ...(/\s[xy]\s*=/.test(root) ? ['its first element has x= or y='] : []),
    ...(/<title[\s>]/i.test(text) ? [] : ['it has no title']),
    ...UNALLOWED.filter((name) => text.includes(`<${name}`)).map((name) => `it has an element ${name}`),
    ...(/\shref\s*=\s*["'](?!#)/.test(text) || /:href\s*=\s*["'](?!#)/.test(text) ? ['it refers to another file'] : []),
  ];
}
