/**
 * Suffixes under which registries sell domains, as people write them by mistake for a domain of their own. It is not the
 * Public Suffix List, which has 10,000 rows and changes each week: a name that is missing here is looked up as written.
 */
const SECOND_LEVEL: Readonly<Record<string, readonly string[]>> = {
  ar: ['com', 'org', 'net', 'gob', 'edu'],
  at: ['co', 'or', 'gv', 'ac'],
  au: ['com', 'net', 'org', 'edu', 'gov', 'id'],
  br: ['com', 'net', 'org', 'gov', 'edu'],
  cn: ['com', 'net', 'org', 'gov', 'edu', 'ac'],
  co: ['com', 'net', 'org', 'edu', 'gov'],
  hk: ['com', 'net', 'org', 'edu', 'gov'],
  hu: ['co', 'org'],
  id: ['co', 'or', 'ac', 'go', 'web'],
  il: ['co', 'org', 'net', 'ac', 'gov'],
  in: ['co', 'net', 'org', 'ac', 'gov', 'firm'],
  jp: ['co', 'ne', 'or', 'ac', 'go', 'ad', 'ed'],
  ke: ['co', 'or', 'ac', 'go', 'ne'],
  kr: ['co', 'or', 'ac', 'go', 'ne', 're'],
  mx: ['com', 'net', 'org', 'gob', 'edu'],
  my: ['com', 'net', 'org', 'edu', 'gov'],
  nz: ['co', 'net', 'org', 'ac', 'govt'],
  pl: ['com', 'net', 'org', 'edu', 'gov'],
  pt: ['com', 'org', 'edu', 'gov'],
  sg: ['com', 'net', 'org', 'edu', 'gov'],
  th: ['co', 'or', 'ac', 'go', 'in'],
  tr: ['com', 'net', 'org', 'edu', 'gov'],
  tw: ['com', 'net', 'org', 'edu', 'gov'],
  ua: ['com', 'net', 'org', 'edu', 'gov'],
  uk: ['co', 'org', 'me', 'ltd', 'plc', 'net', 'ac', 'gov', 'nhs', 'police', 'sch'],
  za: ['co', 'org', 'net', 'ac', 'gov', 'web'],
};

/** A top-level domain, or a suffix of the table. */
export function isPublicSuffix(name: string): boolean {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.');
  const [second = '', top = ''] = labels;
  if (labels.length === 1) return true;
  return labels.length === 2 && Object.hasOwn(SECOND_LEVEL, top) && (SECOND_LEVEL[top] ?? []).includes(second);
}
