/** The page of a target and of an incident: sessions, cells, transcripts. */
export const SESSION_STYLE = `.targets {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr));
  gap: var(--s4);
}
.target > header {
  display: flex;
  justify-content: space-between;
  gap: var(--s4);
}
.target p {
  margin: 0.15rem 0 0.6rem;
}
.target th {
  font-weight: 400;
  color: var(--soft);
  padding: 0.1rem 0.75rem 0.1rem 0;
  white-space: nowrap;
}
.target .number,
.figures .number {
  padding-left: 0.75rem;
}
.waterfall {
  width: 100%;
  font-size: var(--note);
}
.waterfall td:nth-child(2) {
  width: 70%;
}
.bar {
  display: block;
  width: 100%;
  height: 0.7rem;
}
.bar .pass {
  fill: var(--series0);
}
.bar .warn,
.heat .warn {
  fill: var(--degraded);
}
.bar .fail,
.heat .fail {
  fill: var(--down);
}
.bar .unable,
.heat .unable {
  fill: var(--unknown);
}
.heat .pass {
  fill: var(--up);
}
/* All of it is in sight: what is newest is at the right. */
.heat {
  table-layout: fixed;
  width: 100%;
  margin: var(--s3) 0;
}
.heat svg {
  display: block;
  max-width: 100%;
}
.heat th {
  width: 7.5rem;
  font-weight: 400;
  color: var(--soft);
  padding-right: 0.75rem;
  overflow-wrap: anywhere;
}
@media (max-width: 40rem) {
  .heat th {
    width: 6rem;
    font-size: var(--small);
  }
}
.figures {
  margin-bottom: var(--s4);
}
.figures th {
  font-weight: 400;
  color: var(--soft);
}
.figures th[scope="col"] {
  text-align: right;
  padding: 0 0 0 0.75rem;
}
.latency {
  margin: 0;
  text-align: right;
  font-size: var(--small);
  color: var(--soft);
}
.latency svg {
  display: block;
  width: 100%;
  height: 5rem;
}
.transcript {
  font-size: var(--small);
}
`;
