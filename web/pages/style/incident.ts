/** The page of an incident: its updates, the diagram of votes, and the words to copy. */
export const INCIDENT_STYLE = `.said {
  border-left: 3px solid var(--link);
  padding: 0 0 0 1rem;
  margin: 0 0 1.25rem;
}
.said p {
  margin: 0.25rem 0;
  overflow-wrap: anywhere;
}
.timeline li {
  padding: 0.25rem 0;
}
.timeline time {
  display: inline-block;
  min-width: 11.5rem;
  color: var(--soft);
  font-variant-numeric: tabular-nums;
}
.votes th {
  padding: 0 0.75rem 0 0;
  white-space: nowrap;
  font-weight: 400;
  text-align: left;
}
.votes td {
  padding: 0.15rem 0;
}
.votes svg {
  display: block;
}
.votes .pass,
.votes .up {
  fill: var(--up);
}
.votes .warn,
.votes .degraded {
  fill: var(--degraded);
}
.votes .fail,
.votes .down,
.votes .count {
  fill: var(--down);
}
.votes .unable,
.votes .unknown {
  fill: var(--unknown);
}
.votes .cast,
.votes .quorum {
  fill: var(--ink);
}
.votes .edge {
  stroke: var(--soft);
  stroke-dasharray: 2 2;
}
.rounds {
  border-collapse: collapse;
  font-size: 0.875rem;
  font-variant-numeric: tabular-nums;
}
.rounds th,
.rounds td {
  padding: 0.25rem 1rem 0.25rem 0;
  border-bottom: 1px solid var(--line);
  text-align: left;
  white-space: nowrap;
  font-weight: 400;
}
.rounds thead th {
  font-weight: 600;
}
.words pre {
  max-height: 24rem;
  overflow: auto;
  padding: 1rem;
  border: 1px solid var(--line);
  background: var(--card);
  font-size: 0.8125rem;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.copy {
  margin: 0.75rem 0;
  padding: 0.5rem 1rem;
  min-height: 2.75rem;
  border: 1px solid var(--soft);
  border-radius: 0.4rem;
  background: var(--card);
  color: var(--ink);
  font: inherit;
  cursor: pointer;
}
`;
