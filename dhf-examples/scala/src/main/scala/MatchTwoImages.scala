package io.github.dhf4j.examples.scala

import io.github.dhf4j.Hyperfeatures
import io.github.dhf4j.matching.Point
import java.nio.file.Path
import _root_.scala.jdk.CollectionConverters.*

/** Finds points of one image in another: `a.jpg b.jpg 120,80 64.5,30`; mutual neighbours where none is named. */
@main def matchTwoImages(first: String, second: String, places: String*): Unit =
  val a = Hyperfeatures.of(Path.of(first))
  val b = Hyperfeatures.of(Path.of(second))
  val points = places.map(_.split(",").map(_.toDouble)).map(xy => Point(xy(0), xy(1)))
  val found = if points.isEmpty then a.matchWith(b) else a.matchWith(b, points.asJava)
  found.asScala.foreach(each => println(f"${each.source} -> ${each.target} ${each.similarity}%.3f"))
  Hyperfeatures.closeDefault()
