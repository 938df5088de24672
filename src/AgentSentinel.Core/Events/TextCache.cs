using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace AgentSentinel.Core.Events;

/// <summary>
/// Bounded memory of texts that were read before, so that a name that repeats costs no allocation. Owned by one <see cref="ToolCallDecoder"/>.
/// </summary>
/// <remarks>
/// Direct-mapped: a text has one place, and the last one to claim a place has it. An opponent who finds texts that collide gains nothing but
/// the allocations a cache-less decoder would make, so the hash needs no secret and no chain can grow.
/// Texts are compared whole: a hit is the same text, always, which is why the cache can never change what a record means.
/// Only texts that passed all checks are added: a hit needs no second check.
/// Memory: 24 bytes a place, and at most 280 more for the text in it.
/// </remarks>
internal sealed class TextCache
{
    /// <summary>Longer texts are rarely names; they are not kept.</summary>
    internal const int MaxCachedBytes = 128;

    private readonly Entry[] _entries;
    private readonly int _shift;

    /// <param name="capacity">Number of places, a power of two.</param>
    internal TextCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(BitOperations.IsPow2(capacity) && capacity > 1, true, nameof(capacity));
        _entries = new Entry[capacity];
        _shift = 64 - BitOperations.Log2((uint)capacity);
    }

    /// <summary>Finds a text.</summary>
    /// <param name="utf8">Valid UTF-8, not empty.</param>
    /// <param name="text">The text.</param>
    /// <param name="action">What <see cref="Add"/> was told of it.</param>
    internal bool TryGet(ReadOnlySpan<byte> utf8, out string text, out ToolAction action)
    {
        if (utf8.Length <= MaxCachedBytes)
        {
            ulong hash = Hash(utf8);
            ref Entry entry = ref _entries[hash >> _shift];
            if (entry.Hash == hash && entry.Text is not null && IsSame(utf8, entry.Text))
            {
                text = entry.Text;
                action = entry.Action;
                return true;
            }
        }

        text = "";
        action = ToolAction.Unknown;
        return false;
    }

    /// <summary>Remembers a text, in place of whatever had its place before.</summary>
    /// <param name="utf8">The text's bytes.</param>
    /// <param name="text">The text.</param>
    /// <param name="action">What the text says as a tool's name; unknown for all other texts.</param>
    internal void Add(ReadOnlySpan<byte> utf8, string text, ToolAction action)
    {
        if (utf8.Length <= MaxCachedBytes)
        {
            ulong hash = Hash(utf8);
            _entries[hash >> _shift] = new Entry(hash, text, action);
        }
    }

    private static bool IsSame(ReadOnlySpan<byte> utf8, string text)
    {
        // Anything but ASCII has fewer UTF-16 units than UTF-8 bytes: equal lengths mean that the bytes are ASCII or differ from the text.
        if (utf8.Length == text.Length)
        {
            return Ascii.Equals(utf8, text);
        }

        Span<char> chars = stackalloc char[MaxCachedBytes];
        int length = Encoding.UTF8.GetChars(utf8, chars);
        return chars[..length].SequenceEqual(text);
    }

    // Multiply and fold, eight bytes at a time. The high bits, which choose the place, depend on every byte.
    private static ulong Hash(ReadOnlySpan<byte> utf8)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        ulong hash = (ulong)utf8.Length * Multiplier;
        while (utf8.Length >= sizeof(ulong))
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * Multiplier;
            hash ^= hash >> 32;
            utf8 = utf8[sizeof(ulong)..];
        }

        ulong tail = 0;
        foreach (byte b in utf8)
        {
            tail = (tail << 8) | b;
        }

        hash = (hash ^ tail) * Multiplier;
        hash ^= hash >> 29;
        return hash * Multiplier;
    }

    private readonly record struct Entry(ulong Hash, string? Text, ToolAction Action);
}
