import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import type { Screen } from '../layout/screen.ts';
import { alertLines } from './alert.ts';
import { boardLines } from './board.ts';
import { changeLine, openRoundChanges } from './changes.ts';
import type { LiveView } from './live-view.ts';
import { type LiveOutput, openLiveLog } from './log-above-board.ts';
import { problemLine } from './problem.ts';

/** In a terminal: a board of the last round, and above it the outcomes that changed, alerts and problems. */
export function openBoardView(output: LiveOutput, screen: Screen, context: AlertContext): LiveView {
  const log = openLiveLog(output);
  const changes = openRoundChanges();
  return {
    say: (...lines) => log.log(...lines),
    showRound: (board) => {
      // The board shows the verdicts, and an alert says what each change of them means.
      const outcomes = changes.next(board).filter(({ what }) => what === 'outcome');
      log.log(...outcomes.map((change) => changeLine(change, board.round, screen)));
      log.showBoard(boardLines(board, screen));
    },
    showAlert: (message) => log.log('', ...alertLines(message, context, screen), ''),
    showProblem: (problem) => log.log(problemLine(problem, screen)),
  };
}
