export type Vote = 'up' | 'down' | 'abstain';
export type Verdict = 'up' | 'degraded' | 'down' | 'unknown';
