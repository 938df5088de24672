using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AgentSentinel.Core.Tests;

/// <summary>
/// What an object holds, itself included: found by following its references, so that what else lives in the process, what waits to be collected and what runs
/// beside the test change nothing.
/// </summary>
internal static class Held
{
    private static readonly ConditionalWeakTable<Type, FieldInfo[]> Followed = [];

    /// <summary>Bytes on the heap of everything that can be reached from there. What has no references of its own to it, such as statics and native memory, does not count.</summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="without">A kind of object, or the definition of a generic one, that is left out with what only it holds.</param>
    public static long Bytes(object root, Type? without = null)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { root };
        var open = new Stack<object>([root]);
        var bytes = 0L;
        while (open.TryPop(out var next))
        {
            if (!Is(next.GetType(), without))
            {
                bytes += Size(next);
                Follow(next, seen, open);
            }
        }

        return bytes;
    }

    private static bool Is(Type type, Type? asked) => type == asked || (type.IsGenericType && type.GetGenericTypeDefinition() == asked);

    // What the runtime's collector goes by: at the head of a type's method table the size of an element, of those that have elements, and of an object without any.
    private static long Size(object of)
    {
        var methodTable = of.GetType().TypeHandle.Value;
        var length = of switch { Array array => array.LongLength, string text => text.Length, _ => 0L };
        var size = Marshal.ReadInt32(methodTable, sizeof(int)) + (length == 0 ? 0 : length * (ushort)Marshal.ReadInt16(methodTable));
        return (size + 7) & ~7L;
    }

    private static void Follow(object holder, HashSet<object> seen, Stack<object> open)
    {
        if (holder is Array array)
        {
            var element = array.GetType().GetElementType()!;
            if (MayRefer(element))
            {
                foreach (var value in array)
                {
                    Visit(value, element, seen, open);
                }
            }

            return;
        }

        foreach (var field in Followed.GetValue(holder.GetType(), Fields))
        {
            Visit(field.GetValue(holder), field.FieldType, seen, open);
        }
    }

    private static void Visit(object? value, Type declared, HashSet<object> seen, Stack<object> open)
    {
        // What describes the program is not held by who refers to it.
        if (value is null or MemberInfo or Module or Assembly or Thread)
        {
            return;
        }

        if (declared.IsValueType)
        {
            // A copy in a box: its size is part of its holder's.
            Follow(value, seen, open);
        }
        else if (seen.Add(value))
        {
            open.Push(value);
        }
    }

    private static FieldInfo[] Fields(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var level = type; level is not null; level = level.BaseType)
        {
            fields.AddRange(level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(field => MayRefer(field.FieldType)));
        }

        return [.. fields];
    }

    private static bool MayRefer(Type type) => !type.IsPrimitive && !type.IsPointer && !type.IsFunctionPointer && !type.IsEnum
        && (!type.IsValueType || Array.Exists(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), field => field.FieldType != type && MayRefer(field.FieldType)));
}
