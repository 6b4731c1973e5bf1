package dev.interlock.examples.readme;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import java.time.Duration;

public class Once {
    public static void main(String[] args) throws Exception {
        try (Region region = Region.open("nightly-report")) {
            SharedLock lock = region.lock("writer");
            if (!lock.tryLock(Duration.ofSeconds(1))) {
                System.out.println(
                        "already running: " + lock.owner()); // pid, process, thread, since when
                return;
            }
            try {
                if (lock.isAbandoned()) { // the last run was killed in the middle
                    System.out.println("cleaning up after the last run");
                    lock.markConsistent();
                }
                System.out.println("writing the report, run " + lock.token());
            } finally {
                lock.unlock();
            }
        }
    }
}
