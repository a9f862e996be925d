using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Processing.Persistence.Migrations;

/// <summary>Room for the fractions of columns that are DOUBLE.</summary>
[DbContext(typeof(ProcessingDb))]
[Migration("20261124004000_Fractions")]
internal sealed class Fractions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE column_statistics MODIFY total DECIMAL(40,12) NOT NULL, MODIFY maximum DECIMAL(40,12) NULL");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("What was counted would lose its fractions.");
}
