package io.github.dhf4j.examples.kotlin

import io.github.dhf4j.Hyperfeatures
import io.github.dhf4j.matching.Point
import java.nio.file.Path

/** Finds points of one image in another: `MatchTwoImages a.jpg b.jpg 120,80 64.5,30`; mutual neighbours where none is named. */
fun main(arguments: Array<String>) {
    val first = Hyperfeatures.of(Path.of(arguments[0]))
    val second = Hyperfeatures.of(Path.of(arguments[1]))
    val points = arguments.drop(2).map { it.split(",").let { (x, y) -> Point(x.toDouble(), y.toDouble()) } }
    val found = if (points.isEmpty()) first.match(second) else first.match(second, points)
    for ((source, target, similarity) in found.map { Triple(it.source(), it.target(), it.similarity()) }) {
        println("%s -> %s %.3f".format(source, target, similarity))
    }
    Hyperfeatures.closeDefault()
}
