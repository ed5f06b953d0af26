/**
 * Fakes for tests of code that uses JobLens, and the kit that a provider is held to.
 *
 * <ul>
 *   <li>{@link io.joblens.testkit.FakeJobClient}: a client in memory, without a socket, for users.
 *   <li>{@link io.joblens.testkit.ManualTime}: a clock that moves when told to, or by itself.
 *   <li>{@link io.joblens.testkit.FakeCloud}: the base of the vendors' services in small, on
 *       loopback, which verify signatures on their own.
 *   <li>{@link io.joblens.testkit.World}: the runs and jobs that such clouds show, and how they
 *       move.
 *   <li>{@link io.joblens.testkit.TamperTable}: shows that a signature covers every byte it must.
 *   <li>{@link io.joblens.testkit.ProviderContract}: what every provider must do. It alone needs
 *       JUnit and AssertJ.
 * </ul>
 */
@NullMarked
package io.joblens.testkit;

import org.jspecify.annotations.NullMarked;
