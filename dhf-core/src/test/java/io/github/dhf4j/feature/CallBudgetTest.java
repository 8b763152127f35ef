package io.github.dhf4j.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CallBudgetTest {
    private static final ExtractionSettings PAPER = ExtractionSettings.inversion();

    private static Inversion walk(CallBudget budget) {
        return (Inversion) budget.of(PAPER).process();
    }

    @Test
    void thePapersWalkIsLeftAsItIs() {
        assertThat(CallBudget.PAPER.of(PAPER)).isSameAs(PAPER);
        assertThat(SettingsCodec.text(PAPER))
                .isEqualTo("{\"diffusion_mode\":\"inversion\",\"num_timesteps\":50,"
                        + "\"save_timestep\":[49,45,40,35,30,25,20,15,10,5,0],\"layers\":[],\"prompt\":\"\","
                        + "\"sample_latent\":false,\"seed\":0,\"load_resolution\":0}");
    }

    @Test
    void theFirstAndOthersEvenlySpreadAreTaken() {
        assertThat(walk(CallBudget.SAVED).saveIndices()).isEqualTo(ExtractionProcess.PAPER_SAVE_INDICES);
        assertThat(walk(CallBudget.SAVED).calls()).isEqualTo(ExtractionProcess.PAPER_SAVE_INDICES);
        assertThat(walk(CallBudget.of(6)).calls()).containsExactly(49, 40, 30, 20, 10, 0);
        assertThat(walk(CallBudget.of(4)).calls()).containsExactly(49, 35, 20, 5);
        assertThat(walk(CallBudget.of(1)).calls()).containsExactly(49);
        assertThat(walk(CallBudget.of(4)).timesteps()).isEqualTo(50);
    }

    @Test
    void aWalkBeginsAtTheCleanLatentWhateverIsKept() {
        Inversion kept = new Inversion(50, List.of(20, 5, 30, 0), "", false, 0);
        ExtractionSettings some = CallBudget.of(2).of(ExtractionSettings.of(kept));
        assertThat(some.saveIndices()).containsExactly(20, 30);
        assertThat(((Inversion) some.process()).calls()).containsExactly(49, 30, 20);
        assertThatThrownBy(() -> new Inversion(50, List.of(5), "", false, 0, List.of(40, 5)))
                .hasMessageContaining("calls must be save indices from 49");
        assertThatThrownBy(() -> new Inversion(50, List.of(6), "", false, 0, List.of(49, 5)))
                .hasMessageContaining("save indices must be of calls that are made, got [6] of calls [49, 5]");
    }

    @Test
    void whatHasNothingToLeaveOutIsLeftOrRefused() {
        ExtractionSettings single = PAPER.withTimesteps(50, List.of(10));
        assertThat(CallBudget.SAVED.of(single)).isSameAs(single);
        ExtractionSettings drawn = ExtractionSettings.generation("a cat");
        assertThat(CallBudget.SAVED.of(drawn)).isSameAs(drawn);
        assertThatThrownBy(() -> CallBudget.of(4).of(drawn))
                .hasMessage("a number of calls is of an inversion, got the process generation; leave it out");
        assertThatThrownBy(() -> CallBudget.of(12).of(PAPER))
                .hasMessage(
                        "calls must be 1 to 11, of which the weights know maps, or paper for the walk of their training, got 12");
        assertThatThrownBy(() -> CallBudget.of(0)).hasMessageContaining("calls must be 1 or more");
    }
}
