package io.github.dhf4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    /** As torch.optim.lr_scheduler.OneCycleLR has it, whose last rate is a ten thousandth of its first. */
    @Test
    void oneCycleIsTorchs() {
        LearningRateSchedule cycle = new LearningRateSchedule(LearningRateSchedule.Decay.ONE_CYCLE, 0, 0.3, 4e-6);
        assertThat(cycle.factor(0, 10)).isCloseTo(0.04, within(1e-12));
        assertThat(cycle.factor(1, 10)).isCloseTo(0.04 + 0.96 * 0.25, within(1e-12));
        assertThat(cycle.factor(2, 10)).isCloseTo(0.04 + 0.96 * 0.75, within(1e-12));
        assertThat(cycle.factor(3, 10)).isEqualTo(1);
        assertThat(cycle.factor(10, 10)).isCloseTo(4e-6, within(1e-12));
        for (int step = 4; step < 10; step++) {
            assertThat(cycle.factor(step, 10))
                    .isLessThan(cycle.factor(step - 1, 10))
                    .isPositive();
        }
    }
}
