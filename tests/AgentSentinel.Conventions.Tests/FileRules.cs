using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentSentinel.Conventions.Tests;

/// <summary>How a file is laid out: its namespace, its length, what it holds and how it is called.</summary>
internal static class FileRules
{
    private const int MaxLines = 400;
    private const int MaxTestLines = 600;

    public static IEnumerable<string> TooLong(IEnumerable<(string Path, string Text)> files) =>
        from file in files
        let lines = file.Text.TrimEnd('\n').Split('\n').Length
        let allowed = Repository.IsBelow(file.Path, "tests") ? MaxTestLines : MaxLines
        where lines > allowed
        select $"{file.Path}: {lines} lines, at most {allowed}";

    public static IEnumerable<string> WrongNamespace(IEnumerable<SourceFile> sources) =>
        from source in sources
        let expected = string.Join('.', [source.Project, .. source.Folders])
        from declared in source.Unit.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
        where declared.Name.ToString() != expected
        select $"{SourceFile.At(declared)}: {declared.Name}, expected {expected}";

    public static IEnumerable<string> NotFileScoped(IEnumerable<SourceFile> sources) =>
        sources.SelectMany(source => source.Unit.DescendantNodes().OfType<NamespaceDeclarationSyntax>()).Select(SourceFile.At)
            .Concat(from source in sources
                    from type in source.Unit.Members
                    where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
                    select $"{SourceFile.At(type)}: {SourceFile.NameOf(type)} has no namespace");

    public static IEnumerable<string> Regions(IEnumerable<SourceFile> sources) =>
        from source in sources
        from trivia in source.Unit.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia)
        select $"{source.Path}:{trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    /// <summary>Options may lie beside the one type that uses them.</summary>
    public static IEnumerable<string> SeveralPublicTypes(IEnumerable<SourceFile> sources) =>
        from source in sources
        let types = PublicTypes(source).Where(name => !name.EndsWith("Options", StringComparison.Ordinal)).Distinct().ToArray()
        where types.Length > 1
        select $"{source.Path}: {string.Join(", ", types)}";

    /// <summary>A public type gives its file the name; options alone do not, since their user may be internal.</summary>
    public static IEnumerable<string> NotNamedAfterAType(IEnumerable<SourceFile> sources) =>
        from source in sources
        let visible = PublicTypes(source).Where(name => !name.EndsWith("Options", StringComparison.Ordinal) || name == source.Name).ToArray()
        let types = visible.Length > 0 ? visible : [.. source.TopLevelTypes.Select(SourceFile.NameOf)]
        where types.Length > 0 && !types.Contains(source.Name) && !source.Unit.Members.OfType<GlobalStatementSyntax>().Any()
        select $"{source.Path}: holds {string.Join(", ", types)}";

    private static IEnumerable<string> PublicTypes(SourceFile source) =>
        source.TopLevelTypes.Where(type => type.Modifiers.Any(SyntaxKind.PublicKeyword)).Select(SourceFile.NameOf);
}
