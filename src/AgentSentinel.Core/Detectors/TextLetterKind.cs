namespace AgentSentinel.Core.Detectors;

/// <summary>What a sign does in a text.</summary>
internal enum TextLetterKind
{
    /// <summary>It stands between words.</summary>
    Separator,

    /// <summary>A letter or digit of an alphabet.</summary>
    Letter,

    /// <summary>A letter of a script without capitals, such as Arabic or Hindi: between it and other letters a word ends.</summary>
    Uncased,

    /// <summary>A sign of a script that puts no spaces around its words, such as Chinese or Thai, or hangs endings on them, such as Korean: a word of its own, as where one begins only its readers know.</summary>
    Unspaced,

    /// <summary>Nobody sees it: it is left out of the word that it stands in.</summary>
    Invisible,
}
