/// Four words that two people read to each other to see that their screens show the same enrolment.
///
/// - Parameter transcriptHash: its first four bytes choose the words; shorter than that gives fewer.
public func fourWords(_ transcriptHash: [UInt8]) -> [String] {
    transcriptHash.prefix(4).map { ConfirmationWords.all[Int($0)] }
}

/// 256 plain words, no two of which sound or look much alike. The order is part of the format.
enum ConfirmationWords {
    static let all: [String] = """
        acorn actor album almond amber anchor angle apple apricot apron arch arrow atlas autumn avenue badge
        bagel balcony bamboo banana banjo barley basket beacon beaver bicycle biscuit blanket blossom bonnet bottle bracket
        branch bread bridge broom bucket budget buffalo button cabbage cabin cactus camel canal candle canoe canvas
        carpet carrot castle cedar cello chalk cherry chimney circle citrus clover cobalt coffee comet compass copper
        coral cotton cousin cradle crayon cricket crystal cupboard curtain cushion daisy dancer denim desert diamond dolphin
        donkey dragon drawer drum eagle easel echo elbow elephant emerald engine envelope falcon feather fiddle finger
        flannel flute forest fossil fountain fox galaxy garden garlic gecko geranium ginger giraffe glacier glove goblet
        granite grape guitar hammock harbour harp hazel hedge helmet heron hexagon hockey honey iceberg igloo indigo
        island ivory jacket jaguar jasmine jelly jigsaw jungle kayak kelp kettle keyboard kitchen kite kiwi ladder
        lagoon lantern lavender lemon lettuce library lilac lizard llama lobster magnet mango maple marble meadow melon
        mint mirror mitten monday mosaic muffin museum mustard napkin nectar needle north nutmeg oasis ocean olive
        onion orange orbit orchid otter oxygen oyster paint palace panda paper parrot peanut pebble pelican pencil
        pepper piano picnic pigeon pillow pirate planet plum polka pond poppy pottery pumpkin puzzle pyramid quartz
        quilt rabbit radio rainbow raven recipe ribbon river robin rose saddle sailor salad salmon sandal scarf
        shamrock shovel silver sketch slipper spider spinach sponge squirrel stadium summer sunset swan table tandem teapot
        temple thimble ticket tiger tomato tractor trumpet tulip tunnel turtle umbrella velvet violin walnut willow zebra
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
