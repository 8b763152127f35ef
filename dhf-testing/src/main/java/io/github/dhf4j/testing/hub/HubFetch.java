package io.github.dhf4j.testing.hub;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.hub.Hub;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.HubSettings;
import java.io.IOException;

/** Fetches from the hub that the environment names, in a process of its own. */
public final class HubFetch {
    private HubFetch() {}

    /**
     * Prints where each lies; a repository is fetched whole.
     *
     * @param names of files or repositories
     */
    public static void main(String[] names) {
        Hub hub = new Hub(HubSettings.standard(), RunMonitor.NONE);
        try {
            for (String name : names) {
                HubId id = HubId.parse(name);
                System.out.println(id.path().isEmpty() ? hub.snapshot(id, files -> files.names()) : hub.file(id));
            }
        } catch (IOException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(1);
        }
    }
}
