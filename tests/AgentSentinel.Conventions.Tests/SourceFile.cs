using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentSentinel.Conventions.Tests;

/// <summary>A C# file: its place in the repository and its syntax.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    public SyntaxTree Tree { get; } = CSharpSyntaxTree.ParseText(Text, ParseOptions, Path);

    public CompilationUnitSyntax Unit => (CompilationUnitSyntax)Tree.GetRoot();

    public bool IsTest => Repository.IsBelow(Path, "tests");

    /// <summary>The project's folder, such as <c>AgentSentinel.Core</c>.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>The folders below the project.</summary>
    public IReadOnlyList<string> Folders => Path.Split('/')[2..^1];

    /// <summary>The name up to its first dot: <c>Engine.Closing.cs</c> is a part of <c>Engine</c>.</summary>
    public string Name => Path.Split('/')[^1].Split('.')[0];

    /// <summary>Types that are not nested in another.</summary>
    public IEnumerable<MemberDeclarationSyntax> TopLevelTypes =>
        Unit.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    /// <summary>Every type, nested ones included.</summary>
    public IEnumerable<MemberDeclarationSyntax> Types =>
        Unit.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.Text,
        DelegateDeclarationSyntax declared => declared.Identifier.Text,
        _ => "",
    };

    /// <summary>Path and line, as editors take it.</summary>
    public static string At(SyntaxNode node) => $"{node.SyntaxTree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
