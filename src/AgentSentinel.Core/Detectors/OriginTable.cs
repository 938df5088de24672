using System.Numerics;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// In which of a session's texts each word and each pair of words occurred: by keyed fingerprint, a bit for each text. At most 4,096 entries of 12 bytes;
/// when it is full, new words are not kept and <see cref="IsFull"/> says so. Owned by one <see cref="LineageSession"/>.
/// </summary>
internal sealed class OriginTable
{
    private const int MostEntries = 4096;
    private const int LeastPlaces = 64;

    private uint[] _keys = [];
    private ulong[] _texts = [];

    /// <summary>Something was not kept: what has no origin here may have one.</summary>
    public bool IsFull { get; private set; }

    public int Count { get; private set; }

    /// <summary>The texts that hold a word or pair: a bit for each.</summary>
    public ulong this[ulong token]
    {
        get
        {
            if (Count == 0)
            {
                return 0;
            }

            var key = Key(token);
            for (var place = key & (uint)(_keys.Length - 1); ; place = (place + 1) & (uint)(_keys.Length - 1))
            {
                if (_keys[place] == key)
                {
                    return _texts[place];
                }

                if (_keys[place] == 0)
                {
                    return 0;
                }
            }
        }
    }

    public void Add(ulong token, ulong text)
    {
        if (Count * 2 >= _keys.Length && Count < MostEntries)
        {
            Grow();
        }

        var key = Key(token);
        for (var place = key & (uint)(_keys.Length - 1); ; place = (place + 1) & (uint)(_keys.Length - 1))
        {
            if (_keys[place] == key)
            {
                _texts[place] |= text;
                return;
            }

            if (_keys[place] == 0)
            {
                if (Count == MostEntries)
                {
                    IsFull = true;
                    return;
                }

                (_keys[place], _texts[place]) = (key, text);
                Count++;
                return;
            }
        }
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteBoolean(IsFull);
        writer.WriteByte((byte)(_keys.Length == 0 ? 0 : BitOperations.Log2((uint)_keys.Length)));
        writer.WriteVariable((ulong)Count);
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_keys[i] != 0)
            {
                writer.WriteVariable((ulong)i);
                writer.WriteUInt32(_keys[i]);
                writer.WriteVariable(_texts[i]);
            }
        }
    }

    public static OriginTable Load(ref MemoryReader reader)
    {
        var isFull = reader.ReadBoolean();
        var bits = reader.ReadByte();
        var places = bits == 0 ? 0 : 1 << Math.Min((int)bits, 30);
        if (places > 2 * MostEntries)
        {
            throw reader.Damaged("a table larger than it can be");
        }

        var table = new OriginTable { _keys = new uint[places], _texts = new ulong[places], Count = (int)reader.ReadUpTo(places / 2) };
        for (var left = table.Count; left > 0; left--)
        {
            var place = (int)reader.ReadUpTo(places - 1);
            var (key, texts) = (reader.ReadUInt32(), reader.ReadVariable());
            if (key == 0 || table._keys[place] != 0)
            {
                throw reader.Damaged("origins that repeat");
            }

            (table._keys[place], table._texts[place]) = (key, texts);
        }

        table.IsFull = isFull;
        return table;
    }

    /// <summary>Never 0, which means "empty".</summary>
    private static uint Key(ulong token) => Math.Max(1u, (uint)(token >> 32));

    private void Grow()
    {
        var (keys, texts) = (_keys, _texts);
        var places = Math.Max(LeastPlaces, keys.Length * 2);
        (_keys, _texts, Count) = (new uint[places], new ulong[places], 0);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                Add((ulong)keys[i] << 32, texts[i]);
            }
        }
    }
}
