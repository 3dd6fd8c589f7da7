/** The memory of the last run and what is there now do not fit together: it is of no use. */
export class Misremembered extends Error {}
