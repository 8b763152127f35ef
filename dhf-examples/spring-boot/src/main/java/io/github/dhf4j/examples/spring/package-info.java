/** A web service over Spring Boot: {@link io.github.dhf4j.examples.spring.MatchServer}. */
@NullMarked
package io.github.dhf4j.examples.spring;

import org.jspecify.annotations.NullMarked;
