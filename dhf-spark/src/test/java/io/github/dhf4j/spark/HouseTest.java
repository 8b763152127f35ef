package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.testing.House;
import org.junit.jupiter.api.Test;

/** The shape of the house with this module in it. */
class HouseTest {
    private final House house = new House();

    @Test
    void packagesStandInNoCircleAndInOneModule() {
        house.requireNoCircle();
        assertThat(house.modules())
                .containsKey("io.github.dhf4j.spark")
                .allSatisfy((name, modules) -> assertThat(modules).hasSize(1));
    }

    @Test
    void nothingHereKnowsDevicesApartOrMovesNumbers() {
        assertThat(house.askingOfDevices()).noneMatch(name -> name.contains(".spark."));
        assertThat(house.movingNumbers()).noneMatch(name -> name.contains(".spark."));
    }
}
