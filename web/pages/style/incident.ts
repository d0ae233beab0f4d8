/** The page of an incident: its updates, the diagram of votes, and the words to copy. */
export const INCIDENT_STYLE = `.said {
  border-left: 0.25rem solid var(--link);
  padding-left: var(--s4);
  margin-bottom: var(--s5);
}
.said p {
  margin: var(--s1) 0;
  max-width: 44rem;
  overflow-wrap: anywhere;
}
.timeline li {
  display: grid;
  grid-template-columns: 13.5rem 1fr;
  gap: 0 var(--s4);
  padding: var(--s1) 0;
  border-top: 1px solid var(--line);
}
.timeline time {
  color: var(--soft);
  font-variant-numeric: tabular-nums;
}
.timeline span {
  overflow-wrap: anywhere;
}
.votes th {
  padding: 0 var(--s4) 0 0;
  white-space: nowrap;
  font-weight: 400;
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
.scroll + .note {
  margin-top: var(--s3);
}
ul.told {
  margin-bottom: var(--s3);
}
.rounds {
  font-size: var(--note);
  font-variant-numeric: tabular-nums;
}
.rounds th,
.rounds td {
  padding: var(--s1) var(--s5) var(--s1) 0;
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
  margin: var(--s3) 0 0;
  padding: var(--s4);
  border: 1px solid var(--line);
  border-radius: var(--round);
  background: var(--card);
  font-size: var(--small);
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.copy {
  margin-top: var(--s3);
  padding: var(--s2) var(--s4);
  min-height: 2.75rem;
  border: 1px solid var(--control);
  border-radius: var(--round);
  background: var(--card);
  color: var(--ink);
  font: inherit;
  cursor: pointer;
}
@media (max-width: 40rem) {
  .timeline li {
    grid-template-columns: 1fr;
  }
}
`;
