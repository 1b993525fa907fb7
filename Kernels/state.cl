// The state buffer: values that change from step to step.

// Words of the state buffer: four per feed, then those of the run.
#define STATE_ROW(feed) (4 * (feed))
#define STATE_STEP_LOW(feed) (4 * (feed) + 1)
#define STATE_STEP_HIGH(feed) (4 * (feed) + 2)
#define STATE_FIRST(feed) (4 * (feed) + 3)
#define STATE_NOTED 8
#define STATE_NOTED_LOW 9
#define STATE_NOTED_HIGH 10
#define STATE_BAD 11
#define STATE_DONE 12
/// Of a launch of several phases: the parts that were begun, the parts that are done, and the groups
/// that have ended.
#define STATE_BEGUN 13
