/** Tables of figures: the month and the vantages. */
export const REPORT_STYLE = `.table {
  width: 100%;
  font-size: var(--note);
}
.table th,
.table td {
  padding: var(--s2) var(--s3);
  border-top: 1px solid var(--line);
  vertical-align: baseline;
}
.table thead th {
  border-top: 0;
  color: var(--soft);
  font-size: var(--small);
  white-space: nowrap;
}
.table tbody th {
  font-weight: 600;
  overflow-wrap: anywhere;
}
.table .missed {
  color: var(--down-text);
  font-weight: 600;
}
`;
