/** A cell: its text, and a function that colours the text after padding, because colour codes have no width. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface GridColumn {
  readonly title: string;
  readonly align?: 'right';
  /** Cuts the texts of the column if the terminal is too narrow. */
  readonly shrinks?: true;
  /** Wraps the texts of the column within it if the terminal is too narrow. */
  readonly wraps?: true;
  /** Prints the text of the column below the row if the terminal is too narrow. */
  readonly below?: true;
}
