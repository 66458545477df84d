/** The numbers of all advisory locks of the database, in one place: two matters with one number would wait for each other, and could
 * deadlock. A lock of one thing among many is a text of its own instead (`hashtextextended`, repositories/budgets.ts). */
export const ADVISORY_LOCKS = {
  /** one writer of the audit log at a time, so that the chain has one order; taken last in a transaction, held for milliseconds */
  auditChain: 7_201_501,
  /** held while administrators come or go */
  administrators: 7_201_502,
  /** one writer of a policy at a time, so that "the version I saw" means something */
  toolPolicy: 7_201_503,
  runPolicy: 7_201_504,
  /** one worker writes the index of skills at a time; another waits and then finds nothing to do */
  skillIndex: 7_201_505,
  /** one deployment at a time gives the product's role its rights */
  roleRights: 23,
} as const;
