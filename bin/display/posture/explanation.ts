import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { worstFirst } from '../../../lambda/posture/check-posture.ts';
import type { DmarcExplanation, SpfExplanation } from '../../../lambda/posture/explain.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { clipColumns } from '../layout/text-width.ts';
import { dmarcWalkLines } from './dmarc-walk.ts';
import { hanging } from './explanation-lines.ts';
import { spfTreeLines } from './spf-tree.ts';

/** What `posture --explain` prints. */
export function explanationText(explained: SpfExplanation | DmarcExplanation, screen: Screen): string {
  const body = explained.kind === 'spf' ? spfTreeLines(explained, screen) : dmarcWalkLines(explained, screen);
  return [...body, ...findingLines(explained.findings, explained.domain, screen)]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** A line for each finding that does not pass; `posture` has it in full, with its meaning and hint. */
function findingLines(findings: readonly PostureFinding[], domain: string, screen: Screen): readonly string[] {
  const shown = worstFirst(findings).filter(({ outcome }) => outcome !== 'pass');
  if (shown.length === 0) return [];
  const lines = shown.map(({ outcome, code, detail }) => {
    const line = `${outcome.padEnd(6)}  ${code}  ${safeText(detail, 300)}`;
    const clipped = isBounded(screen) ? clipColumns(line, screen.width) : line;
    return colourText(outcome, outcome, screen.paint) + clipped.slice(outcome.length);
  });
  return ['', ...lines, '', ...hanging('', `Hints and records to publish: smtp-quorum posture ${domain}`, screen)];
}
