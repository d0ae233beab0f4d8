/**
 * Bounds of a request, checked before dynalite parses it: its parser takes time that grows sixfold with each open
 * parenthesis. DynamoDB's own bound of an expression is 4 KB (Service quotas, "Expression parameters").
 */
const longestExpression = 4096;
const deepestParentheses = 3;
/** DynamoDB's own bound (Service quotas, "Nested attribute depth"). Two levels of JSON stand for one of an attribute. */
const deepestValue = 2 * 32 + 8;

const expressions = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
] as const;

/** What is wrong with the size of a request, in words; null where it is within the bounds. */
export function excessOf(request: Readonly<Record<string, unknown>>): string | null {
  for (const name of expressions) {
    const excess = excessOfExpression(name, request[name]);
    if (excess !== null) return excess;
  }
  return isDeep(request, deepestValue) ? `The request is nested deeper than ${deepestValue} levels` : null;
}

function excessOfExpression(name: string, expression: unknown): string | null {
  if (typeof expression !== 'string') return null;
  if (Buffer.byteLength(expression) > longestExpression) {
    return `Invalid ${name}: Expression size has exceeded the maximum allowed size of ${longestExpression} bytes`;
  }
  return depthOf(expression) > deepestParentheses
    ? `Invalid ${name}: Parentheses are nested deeper than ${deepestParentheses} levels, the bound of the embedded database`
    : null;
}

function depthOf(expression: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of expression) {
    if (character === '(') depth += 1;
    if (character === ')') depth = Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Level by level and not by recursion: what is measured may be too deep for the stack. */
function isDeep(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
